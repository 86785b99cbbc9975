"""Who did what, and who looked at whose file: a log that is only ever added to, each entry signed over the one before."""
