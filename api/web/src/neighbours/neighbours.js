import cytoscape from "cytoscape";
console.log(cytoscape);
