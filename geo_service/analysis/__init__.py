"""Questions about years and regions, answered apart from the service: batch detection and back-tests."""
