"""What is not accepted for a time: senders and phrases, each with a reason, an author and an end."""
