"""One class a subject, one public method a user action, one transaction a method."""
