"""What a stack deploys: the typed model, how it is loaded, and the rules that it is checked by."""
