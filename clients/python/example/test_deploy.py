import pytest
from deploy import DeployError, Deployer

ORDERS = '{"swagger":"2.0","info":{"title":"orders","version":"1"},"paths":{"/orders":{"get":{"x-apigateway-backend":{"type":"MOCK","mockEndpoints":{"result-content":"ok"}}}}}}'
POLL = "ShowAsyncTaskResult"


@pytest.fixture
def deployer(apig_project):
    apig_project.clock.freeze()  # time passes only while the client sleeps
    return Deployer(apig_project.endpoint, apig_project.id, "i1", apig_project.clock.advance, apig_project.clock.time)

def test_waits_as_long_as_a_429_asks(apig_project, deployer):
    apig_project.faults.add(operation=POLL, status=429, retry_after_s=7, times=1)
    assert deployer.deploy("orders.json", ORDERS)["success"][0]["path"] == "/orders"
    apig_project.requests.verify(operation=POLL, status=429, exactly=1)

def test_logs_in_again_when_its_token_has_expired(apig_project, deployer):
    deployer.login()
    apig_project.clock.advance(25 * 3600)
    assert deployer.deploy("orders.json", ORDERS)["failure"] == []
    apig_project.requests.verify(status=401, exactly=1)

def test_gives_up_in_time_and_reports_a_failed_task(apig_project, deployer):
    apig_project.plans.set({"mode": "manual"}, times=1)
    with pytest.raises(TimeoutError, match="still waiting"):
        deployer.deploy("orders.json", ORDERS)
    apig_project.plans.set({"mode": "immediate", "outcome": {"status": "failed", "error_code": "APIG.3201", "error_msg": "The API group name already exists"}})
    with pytest.raises(DeployError, match="already exists"):
        deployer.deploy("orders.json", ORDERS)
