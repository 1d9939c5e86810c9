"""The queue of the room: incidents, late tasks, hints, indications and camera troubles, by priority and age."""
