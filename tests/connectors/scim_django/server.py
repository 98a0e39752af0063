"""A Django project that has django-scim2 with its own adapters. `python server.py PORT TOKEN DATABASE`"""

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

port, token, database = int(sys.argv[1]), sys.argv[2], sys.argv[3]
settings.configure(
    SECRET_KEY="of the tests",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    AUTH_USER_MODEL="people.User",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "people"],
    MIDDLEWARE=[f"{__name__}.only_with_the_token"],
    # Passwords are kept by the fastest way there is: nobody signs in here.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    SCIM_SERVICE_PROVIDER={
        "NETLOC": f"127.0.0.1:{port}",
        "SCHEME": "http",
        "GROUP_MODEL": "people.models.Group",
        "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Token"}],
    },
)


def only_with_the_token(get_response):
    def answer(request):
        from django.contrib.auth.models import AnonymousUser

        class Caller(AnonymousUser):
            is_authenticated = request.headers.get("Authorization") == f"Bearer {token}"

        request.user = Caller()
        return get_response(request)

    return answer


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)
urlpatterns = [path("scim/v2/", include("django_scim.urls"))]
make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet).serve_forever()
