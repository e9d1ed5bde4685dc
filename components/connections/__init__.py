"""What ties the hub to its pipelines: connections, AssumeRole policies, DAG files."""
