"""Settings of the property tests: enough examples to find a broken law, few enough to stay within seconds."""

from hypothesis import HealthCheck, settings

# No deadline and no complaint about slow drawing: a busy machine is no broken law.
settings.register_profile(
    "engine", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("engine")
