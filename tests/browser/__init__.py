"""The whole application in Chromium."""
