"""What the two DAG files share: helpers only, no DAG is defined here."""
