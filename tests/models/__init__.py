"""Tests of who answers: names, requests, answers and failures."""
