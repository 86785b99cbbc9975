"""Whom the office serves: households and their people, where they live, their accounts, and what is known of them."""
