"""The framework by itself: FastAPI under the server that serves the site API, and one endpoint that
answers an empty JSON object. Ends on SIGTERM.
"""

import json

from fastapi import FastAPI
from starlette.responses import JSONResponse

from twocan_supernode.site import serving
from twocan_supernode.site.loop import run_in_loop
from twocan_supernode.stopping import stop_asked

app = FastAPI(openapi_url=None)


@app.post("/")
async def nothing() -> JSONResponse:
    return JSONResponse({})


async def serve() -> None:
    with serving.bound("127.0.0.1", 0) as listening, stop_asked() as stop:
        host, port = listening.getsockname()
        ready = {"event": "ready", "url": f"http://{host}:{port}"}
        await serving.serve(app, listening, stop, lambda: print(json.dumps(ready), flush=True))


if __name__ == "__main__":
    run_in_loop(serve())
