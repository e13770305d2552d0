"""files.getUploadURLExternal and files.completeUploadExternal"""

from sandbox import posting
from sandbox.methods.call import Args, Method, missing
from sandbox.methods.conversations import known
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError


def get_upload_url(sandbox: Sandbox, args: Args) -> Json:
    length = args.number("length", 0)
    if length <= 0:
        raise missing("length")
    file = sandbox.files.announce(args.need("filename"), length, args.text("alt_txt"))
    return {"upload_url": sandbox.files.upload_url(file), "file_id": file.id}


def complete_upload(sandbox: Sandbox, args: Args) -> Json:
    entries = args.parsed("files")
    if not entries:
        raise missing("files")
    channel_ids = args.listed("channels") or args.listed("channel_id")
    channels = [known(sandbox, channel_id) for channel_id in channel_ids]
    if any(sandbox.app.bot_user_id not in channel.members for channel in channels):
        raise SlackError("not_in_channel")
    files = [sandbox.files.complete(entry["id"], entry.get("title", "")) for entry in entries]
    for channel in channels:
        content = {
            "text": args.text("initial_comment"),
            "blocks": None,
            "attachments": None,
            "metadata": None,
        }
        if args.given.get("blocks") and not content["text"]:
            content = posting.content({"blocks": args.parsed("blocks")})
        posting.post(sandbox, channel, content, thread_ts=args.text("thread_ts") or None, files=files)
    return {"files": files}


WRITE = ("files:write",)
METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, WRITE),
    "files.completeUploadExternal": Method(complete_upload, WRITE),
}
