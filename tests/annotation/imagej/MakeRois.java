// Regions as ImageJ itself writes them, and the pixels that ImageJ fills for each.
//
//     apt-get install libij-java default-jdk-headless
//     javac -cp /usr/share/java/ij.jar -d /tmp MakeRois.java
//     java -Djava.awt.headless=true -cp /usr/share/java/ij.jar:/tmp MakeRois .
//
// writes RoiSet.zip, one entry for each region, and masks.tif, a slice for each in the same order.
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.*;
import ij.io.*;
import ij.process.*;
import java.awt.Polygon;
import java.awt.geom.*;
import java.io.*;
import java.util.*;
import java.util.zip.*;

public class MakeRois {
    static final int width = 64, height = 48;
    static final LinkedHashMap<String, Roi> rois = new LinkedHashMap<>();

    static Roi polygon(int type, int... xy) {
        int n = xy.length / 2;
        int[] x = new int[n], y = new int[n];
        for (int i = 0; i < n; i++) {
            x[i] = xy[2 * i];
            y[i] = xy[2 * i + 1];
        }
        return new PolygonRoi(x, y, n, type);
    }

    static Roi fine(int type, float... xy) {
        int n = xy.length / 2;
        float[] x = new float[n], y = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = xy[2 * i];
            y[i] = xy[2 * i + 1];
        }
        return new PolygonRoi(x, y, n, type);
    }

    public static void main(String[] arguments) throws Exception {
        String folder = arguments[0];
        rois.put("rectangle", new Roi(5, 7, 20, 11));
        rois.put("rectangle_fine", new Roi(5.4, 7.7, 20.5, 11.3));
        rois.put("oval_fine", new OvalRoi(5.4, 7.7, 20.5, 11.3));
        Roi round = new Roi(8, 6, 30, 22);
        round.setCornerDiameter(9);
        rois.put("rounded", round);
        for (int size = 1; size <= 12; size++)
            rois.put("oval" + size, new OvalRoi(3 + size, 2, size, (size * 7) % 12 + 1));
        rois.put("oval_large", new OvalRoi(2, 3, 55, 40));
        rois.put("oval_wide", new OvalRoi(1, 20, 61, 9));
        rois.put("polygon", polygon(Roi.POLYGON, 4, 3, 50, 9, 40, 30, 22, 17, 9, 41));
        rois.put("polygon_crossing", polygon(Roi.POLYGON, 5, 5, 40, 40, 40, 5, 5, 40));
        rois.put("polygon_star", polygon(Roi.POLYGON, 30, 2, 44, 44, 8, 18, 52, 18, 16, 44));
        rois.put("polygon_fine", fine(Roi.POLYGON, 4.5f, 3.25f, 50.5f, 9.5f, 40.1f, 30.9f, 9.3f, 41.7f));
        rois.put("freehand", polygon(Roi.FREEROI, 10, 10, 20, 8, 30, 12, 33, 20, 28, 31, 15, 30, 8, 22));
        rois.put("freehand_fine",
            fine(Roi.FREEROI, 10.3f, 10.5f, 20.1f, 8.7f, 30.5f, 12.5f, 33.2f, 20.5f, 28.9f, 31.1f, 15.5f, 30.5f));
        rois.put("traced", polygon(Roi.TRACED_ROI, 10, 10, 14, 10, 14, 12, 17, 12, 17, 18, 11, 18, 11, 15, 10, 15));
        rois.put("beyond", polygon(Roi.POLYGON, -6, 20, 20, -9, 70, 30, 30, 55));
        Roi hole = new ShapeRoi(new Roi(10, 10, 30, 25)).not(new ShapeRoi(new Roi(15, 14, 9, 12)));
        rois.put("composite_hole", hole);
        Roi pieces = new ShapeRoi(new Roi(3, 3, 10, 8)).or(new ShapeRoi(new Roi(30, 20, 9, 9)));
        rois.put("composite_pieces", pieces);
        Roi curves = new ShapeRoi(new OvalRoi(5, 5, 40, 30)).not(new ShapeRoi(new OvalRoi(15, 12, 11, 13)));
        rois.put("composite_curves", curves);
        rois.put("composite_slanted",
            new ShapeRoi(polygon(Roi.POLYGON, 4, 3, 50, 9, 40, 30, 9, 41)).xor(new ShapeRoi(new Roi(20, 2, 20, 40))));
        GeneralPath quad = new GeneralPath();
        quad.moveTo(6, 6);
        quad.quadTo(50, 2, 40, 40);
        quad.lineTo(10, 30);
        quad.closePath();
        rois.put("composite_quad", new ShapeRoi(quad));
        rois.put("ellipse", new EllipseRoi(10, 10, 50, 35, 0.45));
        rois.put("rotated", new RotatedRectRoi(10, 12, 45, 32, 14));
        rois.put("point", new PointRoi(20, 20));
        rois.put("line", new Line(3, 3, 40, 20));
        Roi third = new Roi(1, 2, 3, 4);
        third.setPosition(3);
        rois.put("slice3", third);
        Roi hyper = new OvalRoi(20, 12, 13, 14);
        hyper.setPosition(1, 4, 2);
        rois.put("z4t2", hyper);
        Roi group = new Roi(30, 2, 3, 4);
        try {
            Roi.class.getMethod("setGroup", int.class).invoke(group, 7);
        } catch (NoSuchMethodException old) {
        }
        rois.put("group7", group);

        ImageStack stack = new ImageStack(width, height);
        try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(folder + "/RoiSet.zip"))) {
            for (Map.Entry<String, Roi> entry : rois.entrySet()) {
                ZipEntry name = new ZipEntry(entry.getKey() + ".roi");
                name.setTime(315532800000L);
                zip.putNextEntry(name);
                RoiEncoder encoder = new RoiEncoder(zip);
                encoder.write(entry.getValue());
                ByteProcessor filled = new ByteProcessor(width, height);
                filled.setValue(255);
                if (entry.getValue().isArea()) filled.fill(entry.getValue());
                stack.addSlice(entry.getKey(), filled);
            }
        }
        new FileSaver(new ImagePlus("masks", stack)).saveAsTiffStack(folder + "/masks.tif");
        System.out.println("ImageJ " + IJ.getVersion() + ": " + rois.size() + " regions");
    }
}
