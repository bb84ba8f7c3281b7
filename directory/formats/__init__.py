"""The directory as files: pure readers and writers over `document.DirectoryDocument`."""
