"""From signed readings to agreement, accuracy and quantitation."""
