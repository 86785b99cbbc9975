"""Who receives what: one list for each service and period, on which nobody stands twice."""
