"""The bootstrap as a CloudFormation template, for organizations that deploy it by StackSets."""
