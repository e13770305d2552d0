"""Uploaded files: the three steps of docs.slack.dev/messaging/working-with-files."""

import mimetypes
from dataclasses import dataclass

from sandbox.wire import Json, SlackError, new_id


@dataclass
class File:
    """One file; `content` is None until its bytes have come."""

    id: str
    name: str
    length: int
    alt_text: str
    title: str = ""
    content: bytes | None = None
    completed: bool = False

    @property
    def mimetype(self) -> str:
        """Guessed from the name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Files:
    """All files by id. `base_url` is where this server listens."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._by_id: dict[str, File] = {}

    def announce(self, name: str, length: int, alt_text: str) -> File:
        """Step one: makes room for a file."""
        file = File(new_id("F"), name, length, alt_text)
        self._by_id[file.id] = file
        return file

    def get(self, file_id: str) -> File:
        """A file; raises `file_not_found`."""
        if file_id not in self._by_id:
            raise SlackError("file_not_found")
        return self._by_id[file_id]

    def upload_url(self, file: File) -> str:
        """Step two: where its bytes are posted to."""
        return f"{self._base_url}/upload/{file.id}"

    def complete(self, file_id: str, title: str) -> Json:
        """Step three, once for each file; returns the file object; raises `file_not_found`."""
        file = self.get(file_id)
        if file.content is None or file.completed:
            raise SlackError("file_not_found")
        file.title, file.completed = title or file.name, True
        url = f"{self._base_url}/files/{file.id}/{file.name}"
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.name.rpartition(".")[2],
            "size": len(file.content),
            "alt_txt": file.alt_text,
            "url_private": url,
            "permalink": url,
        }
