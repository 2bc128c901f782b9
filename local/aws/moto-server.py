"""Starts moto's server after repairing what cannot be repaired from outside (see facade/ for the rest)."""

from moto.events.utils import EventTemplateParser
from moto.secretsmanager import models
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend, SecretsStore
from moto.server import main


def _current(secret):
    """The version that carries AWSCURRENT."""
    for version_id, version in secret.versions.items():
        if "AWSCURRENT" in version["version_stages"]:
            return version_id
    return None


# moto keeps the current version apart from the labels, and UpdateSecretVersionStage (the last step of every rotation) moves only the
# label: reads then still give the old value, and the next PutSecretValue leaves AWSCURRENT at two versions.
FakeSecret.default_version_id = property(_current, lambda secret, version_id: None)


def _list_secrets(self, filters, max_results=100, next_token=None, include_planned_deletion=False):
    """A page, which costs what a page holds."""
    found = [
        secret
        for secret in list(self.secrets.values())
        if (include_planned_deletion or not getattr(secret, "deleted_date", None)) and models._matches(secret, filters)
    ]
    page, token = self._get_secret_values_page_and_next_token(found, max_results, next_token)
    return [secret.to_dict() for secret in page], token


# moto describes every secret of the account for each page of 100, so that listing 10,000 takes it 10 seconds.
SecretsManagerBackend.list_secrets = _list_secrets


def _find(store, key):
    """The secret with this name, full ARN (which ends in a hyphen and six characters) or partial ARN."""
    if not key.startswith("arn:"):
        return dict.get(store, key)
    name = key.rsplit(":", 1)[-1]
    secret = dict.get(store, name[:-7])
    return secret if secret is not None and secret.arn == key else dict.get(store, name)


def _item(store, key):
    secret = _find(store, key)
    if secret is None:
        raise KeyError(key)
    return secret


# moto looks through all secrets for each request, which fails when another request adds one meanwhile, and takes the longer the more there are.
SecretsStore.__getitem__ = _item
SecretsStore.__contains__ = lambda store, key: _find(store, key) is not None
SecretsStore.get = _find

_transform = EventTemplateParser.parse


def _event_for_target(input_template, input_paths_map, event):
    """The event as it is, where the target asks for no other."""
    if input_template:
        return _transform(input_template, input_paths_map, event)
    return {name: value for name, value in event.items() if name != "ingestion-time"}


# moto puts every event through a template, which loses the account and takes up to 100 ms.
EventTemplateParser.parse = staticmethod(_event_for_target)

main()
