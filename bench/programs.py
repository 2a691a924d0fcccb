"""The programs beside Python packages that `make bench` runs, and which Debian package each comes from."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

WRK = shutil.which("wrk")
TASKSET = shutil.which("taskset")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
BROTLI_MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def missing_programs() -> str:
    """What has to be installed before anything can be measured, as one sentence; "" when all is there."""
    if sys.platform != "linux":
        return "CPU and memory are read from /proc, which only Linux has."
    packages = {
        "wrk": WRK,
        "util-linux": TASKSET,
        "nginx": NGINX,
        "libnginx-mod-http-brotli-static": BROTLI_MODULE.exists(),
    }
    names = " ".join(name for name, is_there in packages.items() if not is_there)
    return f"Programs are missing; on Debian and Ubuntu: apt-get install {names}" if names else ""
