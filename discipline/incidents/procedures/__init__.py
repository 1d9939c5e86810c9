"""What the room does about each type of incident: dated versions, and who has done what of them."""
