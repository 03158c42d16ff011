"""A program beside a Mastodon server: its webhooks ask a Takeback agent, and what is decided reaches its moderators.

webhook.py takes what posts.py reads of a webhook; looking.py asks the agent; following.py reads what was decided;
moderation.py carries it out with the calls of server.py; store.py keeps the place across a restart.
"""
