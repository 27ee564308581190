"""名册备案: the register of posts and holders."""
