"""For how long the control room keeps what names people, by dated rows; its visits and daily reports derive from it."""
