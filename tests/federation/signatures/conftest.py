"""Keys made once for this folder; a test that needs the body of a request finds it here too."""

import pytest

from federation.signatures.keys import KeyPair, generate_key_pair


@pytest.fixture(scope="session")
def ana() -> KeyPair:
    return generate_key_pair()


@pytest.fixture(scope="session")
def mal() -> KeyPair:
    return generate_key_pair()
