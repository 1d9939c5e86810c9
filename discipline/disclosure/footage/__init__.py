"""Copies of stored pictures for a person who was seen: the others' heads are hidden.

The inspectorate enters counter and time, the worker finds the heads, the inspectorate says in each picture which head
is the applicant's. Nothing is stored but where heads are: the pictures of a copy are made when it is downloaded, from
originals that then still exist.
"""
