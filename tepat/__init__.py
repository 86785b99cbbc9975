"""The command line of Tepat: a face like the web, for officers and analysts at a terminal."""
