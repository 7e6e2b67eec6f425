"""`consultations`: the commands about stakeholder consultations."""
