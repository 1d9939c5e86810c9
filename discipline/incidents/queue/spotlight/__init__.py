"""Where an item of the queue is seen, and the screens on which an operator puts it."""
