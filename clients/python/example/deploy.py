"""A deploy client, as a team may have one: logs in, submits a document, polls until its task has ended."""

import json
import time
import uuid
from urllib import error, request


class DeployError(Exception):
    """The import has failed, or the service has rejected a request."""


class Deployer:
    def __init__(self, endpoint, project_id, instance_id, sleep=time.sleep, now=time.monotonic):
        self.endpoint, self.project_id = endpoint, project_id
        self.base = f"{endpoint}/v2/{project_id}/apigw/instances/{instance_id}"
        self.sleep, self.now, self.token = sleep, now, None

    def deploy(self, name, document, timeout_s=60):
        task_id = self._call("POST", "/openapi/async-import", *_form(name, document))["task_id"]
        deadline, pause = self.now() + timeout_s, 0.5
        while True:
            task = self._call("GET", f"/async-tasks/{task_id}")
            if task["task_status"] == "succeed":
                return json.loads(task["task_result"])
            if task["task_status"] == "failed":
                raise DeployError(json.loads(task["task_result"])["error_msg"])
            if self.now() + pause > deadline:
                raise TimeoutError(f"task {task_id} is still {task['task_status']} after {timeout_s} s")
            self.sleep(pause)
            pause = min(pause * 1.5, 10)

    def login(self):
        user = {"name": "deployer", "password": "secret", "domain": {"name": "team"}}
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": {"project": {"id": self.project_id}}}}
        headers = {"Content-Type": "application/json"}
        sent = request.Request(self.endpoint + "/v3/auth/tokens", json.dumps(body).encode(), headers)
        with request.urlopen(sent, timeout=10) as response:
            self.token = response.headers["X-Subject-Token"]

    def _call(self, method, path, data=None, headers=None, tries=5):
        if self.token is None:
            self.login()
        whole = {**(headers or {}), "X-Auth-Token": self.token}
        try:
            with request.urlopen(request.Request(self.base + path, data, whole, method=method), timeout=10) as response:
                return json.load(response)
        except error.HTTPError as cause:
            if tries == 1 or cause.code not in (401, 429, 500, 502, 503):
                raise DeployError(f"{method} {path}: {cause.code} {cause.read().decode()}") from None
            cause.close()
            if cause.code == 401:
                self.login()
            else:
                self.sleep(int(cause.headers.get("Retry-After", 1)))
        return self._call(method, path, data, headers, tries - 1)


def _form(name, document):
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file_name"; filename="{name}"\r\n\r\n'
    return f"{head}{document}\r\n--{mark}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={mark}"}
