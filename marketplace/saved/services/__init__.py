"""Writes of what people keep."""
