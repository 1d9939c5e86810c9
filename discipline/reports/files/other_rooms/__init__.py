"""Reports of other rooms, whose files and mails are made, kept and sent as those about presence."""
