"""Matches events against event patterns as the emulator's EventBridge does. In: {"patterns": [...], "events": [...]}; out: [[bool]]."""
import json
import sys

from moto.events.models import EventPattern

asked = json.load(sys.stdin)
json.dump(
    [[EventPattern.load(json.dumps(pattern)).matches_event(event) for event in asked["events"]] for pattern in asked["patterns"]],
    sys.stdout,
)
