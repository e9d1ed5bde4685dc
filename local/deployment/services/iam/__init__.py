"""IAM: roles, policies, and providers of OpenID Connect."""
