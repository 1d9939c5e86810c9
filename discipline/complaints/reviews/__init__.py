"""What people learnt by laying a report beside the record: an indication that it confirms, a camera that was wrong."""
