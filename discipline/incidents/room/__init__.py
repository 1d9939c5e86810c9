"""Who may enter the room, and who was in it. Kept for as long as RoomRetention says, then deleted."""
