"""The model's card for operators."""
