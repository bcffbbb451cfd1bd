// On a narrow screen the places of the bar are scrolled sideways: the one that is open must be in sight.
document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
