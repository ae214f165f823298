"""Who answers: the catalogue of models, the client for their endpoints, and the offline cast."""
