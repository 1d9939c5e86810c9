"""The procedures of the room: what is to be done about each type of incident, in dated versions, and who has done it."""
