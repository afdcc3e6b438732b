"""The import window of coordinator and physicist: what is in a folder, put right, mapped and saved."""
