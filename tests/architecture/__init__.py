"""The house rules that no linter knows, held against the source itself."""
