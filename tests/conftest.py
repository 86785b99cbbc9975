"""What the tests of casework and of its pages share: databases and the office's knowledge."""

pytest_plugins = ["tests.casework.databases"]
