"""The offline painter's studio: palettes, skies, lands, figures and weathers, and how they are composed."""
