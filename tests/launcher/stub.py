"""Five small files that the launcher starts instead of Ombud: its tests are about processes, not pages."""

from pathlib import Path

FILES = {
    "manage.py": """
import os, pathlib, sys, time
import psycopg

command = sys.argv[1]
if command in ("crontab", "score"):
    while True:
        time.sleep(1)
if os.environ.get("STUB_FAILS") == command:
    sys.exit("the reason why it failed")
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
    if command == "migrate":
        connection.execute("CREATE TABLE IF NOT EXISTS visit (at timestamptz DEFAULT now())")
    else:
        connection.execute("INSERT INTO visit DEFAULT VALUES")
        sign_ins = pathlib.Path(os.environ["OMBUD_DATA"], "sign-ins.txt")
        sign_ins.write_text("administrator  password-of-the-stub")
""",
    "config/__init__.py": "",
    "config/wsgi.py": """
import os
import psycopg

def application(environ, start_response):
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        visits = connection.execute("SELECT count(*) FROM visit").fetchone()[0]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(visits).encode()]
""",
    "config/asgi.py": """
async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            asked = await receive()
            await send({"type": asked["type"] + ".complete"})
            if asked["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"events"})
""",
    "config/worker.py": """
import dramatiq
from dramatiq.brokers.stub import StubBroker

dramatiq.set_broker(StubBroker())
""",
}


def write(folder: Path) -> None:
    """Write the project into `folder`."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
