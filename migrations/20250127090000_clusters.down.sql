DROP TABLE bookmark_clusters;
DROP TABLE clusters;
