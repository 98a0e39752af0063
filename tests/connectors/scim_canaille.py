"""Canaille's SCIM service with its people in memory. `python scim_canaille.py PORT TOKEN`"""

import datetime
import logging
import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from werkzeug.serving import run_simple

port, token = int(sys.argv[1]), sys.argv[2]
app = create_app({
    "SECRET_KEY": "of the tests",
    "SERVER_NAME": f"127.0.0.1:{port}",
    "PREFERRED_URL_SCHEME": "http",
    "CANAILLE_OIDC": {},
    "CANAILLE_SCIM": {"ENABLE_SERVER": True},
    "CANAILLE": {"DATABASE": "memory"},
})
with app.app_context():
    now = datetime.datetime.now(datetime.timezone.utc)
    client = models.Client(client_id="muster", client_name="Muster", client_id_issued_at=now)
    Backend.instance.save(client)
    Backend.instance.save(models.Token(
        token_id="muster", access_token=token, client=client, type="access_token",
        issue_date=now, lifetime=86400, scope=[], audience=[client],
    ))
logging.getLogger("werkzeug").setLevel(logging.ERROR)
run_simple("127.0.0.1", port, app, threaded=False)
