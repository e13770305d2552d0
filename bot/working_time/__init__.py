"""Working time: is this person working at this moment, and when next? The one answer for the whole product."""
