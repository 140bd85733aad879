"""Courses of events: which questions ask for one, the articles that it is told from, its sentences and their days."""
